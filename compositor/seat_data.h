/* What a seat's clients copy and drag. */
#pragma once

struct inos_seat;

void inos_seat_data_init (struct inos_seat *seat);
void inos_seat_data_finish (struct inos_seat *seat);
